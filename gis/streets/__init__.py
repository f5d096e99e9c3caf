"""OpenStreetMap to a routable graph: gates, compounds, travel times, nearest segment."""
