"""Where everything in the picture stands: the skeleton that the page and the still picture share."""
