"""Qt widgets that show resolved views and send pointer events to the tools."""
