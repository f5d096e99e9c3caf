"""Files of the 12345 hotline (工单): which column is what, and what a row says. Pure; knows no case and no place."""
