"""Records of households and residents: one file a matter."""
