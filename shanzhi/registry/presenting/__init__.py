"""What the pages of the registry show, as plain rows."""
