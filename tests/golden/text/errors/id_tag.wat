;; expect 3:14+5 unknown tag '$opps'; did you mean '$oops'?
(tag $oops)
(func (throw $opps))
