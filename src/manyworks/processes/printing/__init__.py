"""What ways of printing plastics share: builds, plates of resin, nests in powder."""
