;; expect 4:7+2 mismatching label '$b'
(func
  block $a
  end $b)
