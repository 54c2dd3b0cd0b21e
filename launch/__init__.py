"""Set-up and start of the whole product; standard library alone, because it runs before any environment exists."""
