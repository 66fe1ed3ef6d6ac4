"""What every area's API is made of: problem documents, JSON, pages. Nothing here knows an area."""
