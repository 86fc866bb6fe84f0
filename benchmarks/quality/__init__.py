"""How good the conflicts are, measured on links and names that NCI's own staff coded."""
