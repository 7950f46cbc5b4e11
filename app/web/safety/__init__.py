"""Who may ask, how much and how often: what stands between the network and everything else."""
