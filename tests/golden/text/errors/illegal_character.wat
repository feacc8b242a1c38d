;; expect 3:3+1 illegal character 'é'
(func
  énop)
