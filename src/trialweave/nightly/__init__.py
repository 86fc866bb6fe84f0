"""The night shift: one run after the other, published whole or not at all, and what is new told once."""
