;; expect 4:22+7 unknown field '$hieght'; did you mean '$height'?
(type $point (struct (field $height i32)))
(func (param (ref $point)) (result i32)
  (struct.get $point $hieght (local.get 0)))
