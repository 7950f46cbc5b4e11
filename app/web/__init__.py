"""The web: routes of the API, pages and their fragments, and what stands around them (errors, security, URLs)."""
