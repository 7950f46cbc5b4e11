"""Where sessions live: the service that everybody calls, the workers that train them, and what is kept of them."""
