"""What the processes that cut, grind and erode solids share: stock, cutters, wheels."""
