-- template: {relation} {columns}
COPY pg_temp.stage_{relation} ({columns}, part, wave) FROM STDIN (FORMAT binary)
