;; expect 3:9+2 unexpected token '$f'; expected a name in double quotes
(func $f)
(export $f)
