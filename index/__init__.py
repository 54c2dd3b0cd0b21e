"""The knowledge base: read, chunk, embed, search, publish. A library that imports no other room."""
