;; expect 4:18+5 unknown data segment '$txet'; did you mean '$text'?
(memory 1)
(data $text "x")
(func (data.drop $txet))
