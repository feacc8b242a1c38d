;; expect 4:3+4 unknown operator blok; did you mean 'block'?
(func
  nop
  blok)
