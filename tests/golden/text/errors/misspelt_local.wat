;; expect 4:3+9 unknown operator local.gte; did you mean 'local.get'?
(func
  nop
  local.gte)
