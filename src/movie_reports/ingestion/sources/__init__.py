"""Where the data comes from: files, archives, addresses."""
