module terp.dev/pause

go 1.24
