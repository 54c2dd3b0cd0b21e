"""The human side: conversation log, tickets and their life, staff accounts, audit; with no web in it."""
