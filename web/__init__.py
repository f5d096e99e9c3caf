"""Pages: templates, styles, scripts and Folium maps."""
