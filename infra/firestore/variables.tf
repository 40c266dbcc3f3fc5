variable "project" {
  description = "The project of the Firestore database that holds the ledger."
  type        = string
}

variable "database" {
  description = "The database's name."
  type        = string
  default     = "(default)"
}
