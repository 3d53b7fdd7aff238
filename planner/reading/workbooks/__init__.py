"""What workbooks say beside the values of their cells, which calamine does not tell: one module for each format."""
