"""`python -m app` in a checkout: the same as the blameflow command."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
