"""Who may write a ``.state`` beside ``perform()``, and of what: states that are no entry's."""

# Other records with a column of that name, each written by its own domain module only.
OTHER_STATES = {
    "competitions.challenges.domain": "Problem.state, Challenge.state, Claim.state",
    "competitions.contests.domain": "Contest.state, Competitor.state, Promotion.state",
    "competitions.exchange.domain": "ExchangeCase.state, ExchangeEvent.state, EventRegistration.state, VisitBooking.state, ShareDuty.state",
    "competitions.green.domain": "MonthlyReading.state, Baseline.state, SavingSuggestion.state",
    "competitions.growth.domain": "DrillImport.state, Mentorship.state, FilePurge.state",
    "competitions.learning.domain": "TrainingResource.state, CompletionImport.state, PointsProof.state",
    "competitions.projects.domain": "Period.state, Ticket.state",
    "competitions.rosters.domain": "RosterImport.state, Participation.state",
    "portal.demo.rosters": "CompetitionFiling.state: set back to running while last year's lists are told",
    "portal.lifecycle.letters": "LetterBatch, Letter, Delivery, InvitationLetter",
    "portal.lifecycle.review.domain": "Assignment.state",
    "portal.lifecycle.review.codes.marking": "CodedBatch.state, CodedMark.state",
    "portal.lifecycle.review.imported.domain": "ResultBatch.state",
    "portal.lifecycle.review.meeting.domain": "Meeting.state, AgendaItem.state",
    "portal.lifecycle.review.remarking.domain": "Remarking.state, Assignment.state",
    "portal.jobs": "JobRun.state",
    "competitions.marking.domain": "SubCriterion.state, MarkingScheme.state",
    "portal.accounts.domain.imports": "ImportBatch.state",
    "portal.accounts.imports.run": "ImportBatch.state",
}
