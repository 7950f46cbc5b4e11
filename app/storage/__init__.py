"""Storage: sessions that outlive the process, in SQLite with one writer (none yet; see app.sessions.archive)."""
