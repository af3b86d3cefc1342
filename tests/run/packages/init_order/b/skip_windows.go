package b

const hidden = "this file is for another system"
