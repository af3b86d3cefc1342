package b

const hidden = 7
