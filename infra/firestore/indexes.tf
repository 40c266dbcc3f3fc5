# Generated from the queries that the ledger sends; never edit, run 'make docs'.
# Firestore refuses a query whose composite index is missing, and keeps what no time-to-live policy names.

resource "google_firestore_index" "inbox_pending_occurred_key_due" {
  project     = var.project
  database    = var.database
  collection  = "inbox"
  query_scope = "COLLECTION"

  fields {
    field_path = "pending"
    order      = "ASCENDING"
  }

  fields {
    field_path = "occurred"
    order      = "ASCENDING"
  }

  fields {
    field_path = "key"
    order      = "ASCENDING"
  }

  fields {
    field_path = "due"
    order      = "ASCENDING"
  }
}

resource "google_firestore_index" "inbox_operation_pending_due" {
  project     = var.project
  database    = var.database
  collection  = "inbox"
  query_scope = "COLLECTION"

  fields {
    field_path = "operation"
    order      = "ASCENDING"
  }

  fields {
    field_path = "pending"
    order      = "ASCENDING"
  }

  fields {
    field_path = "due"
    order      = "ASCENDING"
  }
}

resource "google_firestore_index" "outbox_owed_seq_number_nextTry" {
  project     = var.project
  database    = var.database
  collection  = "outbox"
  query_scope = "COLLECTION"

  fields {
    field_path = "owed"
    order      = "ASCENDING"
  }

  fields {
    field_path = "seq"
    order      = "ASCENDING"
  }

  fields {
    field_path = "number"
    order      = "ASCENDING"
  }

  fields {
    field_path = "nextTry"
    order      = "ASCENDING"
  }
}

resource "google_firestore_field" "inbox_body" {
  project    = var.project
  database   = var.database
  collection = "inbox"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "commits_body" {
  project    = var.project
  database   = var.database
  collection = "commits"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "chunks_body" {
  project    = var.project
  database   = var.database
  collection = "chunks"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "resources_body" {
  project    = var.project
  database   = var.database
  collection = "resources"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "findings_body" {
  project    = var.project
  database   = var.database
  collection = "findings"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "transitions_body" {
  project    = var.project
  database   = var.database
  collection = "transitions"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "state_body" {
  project    = var.project
  database   = var.database
  collection = "state"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "outbox_body" {
  project    = var.project
  database   = var.database
  collection = "outbox"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "snapshots_body" {
  project    = var.project
  database   = var.database
  collection = "snapshots"
  field      = "body"

  index_config {}
}

resource "google_firestore_field" "inbox_expires" {
  project    = var.project
  database   = var.database
  collection = "inbox"
  field      = "expires"

  ttl_config {}

  index_config {}
}
