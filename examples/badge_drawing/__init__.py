"""The badge's own drawing office: outline, parts, copper, tables and shells, all in millimetres."""
