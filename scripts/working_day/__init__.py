"""Parts of the load run: photos and phones, what they ask, how long they wait, and what is there afterwards."""
