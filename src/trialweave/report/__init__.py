"""What a person reads: the terminal page and the morning report."""
