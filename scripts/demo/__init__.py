"""The parts of the drawing of the demo community."""
