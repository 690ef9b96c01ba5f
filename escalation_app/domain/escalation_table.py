"""What the database itself holds about escalations: what must be true of one, and how they are found."""

from sqlalchemy import CheckConstraint, Index, text

from escalation_app.domain.vocabulary import Status

# Open cases that may still become overdue in this status: an index holds no others.
NOT_TOLD_OVERDUE = {
    Status.PENDING: text("status = 'Pending' AND overdue_pending_at IS NULL"),
    Status.IN_PROGRESS: text("status = 'InProgress' AND overdue_in_progress_at IS NULL"),
}
CONSTRAINTS_AND_INDEXES = (
    CheckConstraint(
        "status <> 'InProgress' OR (claimed_by_id IS NOT NULL AND claimed_at IS NOT NULL)",
        name="in_progress_has_an_owner",
    ),
    CheckConstraint("status <> 'Pending' OR claimed_by_id IS NULL", name="pending_has_no_owner"),
    CheckConstraint(
        "status <> 'Completed' OR (completed_by_id IS NOT NULL AND completed_at IS NOT NULL"
        " AND what_happened <> '' AND action_taken <> '')",
        name="completed_has_a_resolution",
    ),
    # One open case for a conversation, held by the database too.
    Index(
        "uq_escalation_open_conversation",
        "conversation_id",
        unique=True,
        sqlite_where=text("status <> 'Completed'"),
        postgresql_where=text("status <> 'Completed'"),
    ),
    Index("ix_escalation_conversation", "conversation_id"),
    # Each order of the list, whole and by cell, read forward or backward.
    Index("ix_escalation_urgency", "queue", "status", text("urgency DESC"), "created_at", "id"),
    Index(
        "ix_escalation_facets",
        "queue",
        "status",
        "topic",
        "area",
        text("urgency DESC"),
        "created_at",
        "id",
    ),
    Index("ix_escalation_newest", "queue", "created_at", "id"),
    Index(
        "ix_escalation_completed",
        "queue",
        "completed_at",
        "id",
        sqlite_where=text("status = 'Completed'"),
        postgresql_where=text("status = 'Completed'"),
    ),
    Index(
        "ix_escalation_completed_facets",
        "queue",
        "topic",
        "area",
        "urgency",
        "completed_at",
        "id",
        sqlite_where=text("status = 'Completed'"),
        postgresql_where=text("status = 'Completed'"),
    ),
    Index(
        "ix_escalation_owner",
        "claimed_by_id",
        "queue",
        "status",
        text("urgency DESC"),
        "created_at",
        "id",
    ),
    Index(
        "ix_escalation_overdue_pending",
        "due_at",
        sqlite_where=NOT_TOLD_OVERDUE[Status.PENDING],
        postgresql_where=NOT_TOLD_OVERDUE[Status.PENDING],
    ),
    Index(
        "ix_escalation_overdue_in_progress",
        "due_at",
        sqlite_where=NOT_TOLD_OVERDUE[Status.IN_PROGRESS],
        postgresql_where=NOT_TOLD_OVERDUE[Status.IN_PROGRESS],
    ),
)
