"""The office about itself: people and their posts, agencies, rules, its mark; each change is written down."""
