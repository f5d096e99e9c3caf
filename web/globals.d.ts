/** What scripts find in the global scope, besides the browser's own. */

/** The files of the page that opens without a network; the service writes it before the text of the service worker. */
declare const SHELL: { version: string; files: string[]; offline: string };
