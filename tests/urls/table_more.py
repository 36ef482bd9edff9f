"""The table of tests/urls/table.py, continued: same columns, same letters."""

MORE = """
lifecycle:worklist.count                   GET  L ooooo ooooo o
# sub-plans: the federation deploys and decides, second-level unions file
workplans:plan.list                        GET  L ooooo xoooo o
workplans:plan.detail                      GET  L ooooo .oooo .
workplans:year.open                        GET  L xxxxx .xoxx .
workplans:year.open                        POST L xxxxx .xoxx .
workplans:board                            GET  L xxxoo .oooo .
workplans:board.print                      GET  L xxxoo .oooo .
workplans:task.detail                      GET  L xxxoo .oooo .
workplans:scheme.list                      GET  L xxxoo xoooo o
workplans:scheme.detail                    GET  L ...oo .oooo .
workplans:scheme.edit                      GET  L ...xx .xxxx .
workplans:scheme.edit                      POST L ...xx .xxxx .
workplans:scheme.assign                    GET  L ...xx .xoxx .
workplans:scheme.assign                    POST L ...xx .xoxx .
workplans:scheme.upload                    GET  L ...xx .xxxx .
workplans:scheme.upload                    POST L ...xx .xxxx .
workplans:scheme.submit                    POST L ...xx .xxxx .
workplans:scheme.return                    GET  L ...xx .xxxx .
workplans:scheme.return                    POST L ...xx .xxxx .
workplans:scheme.accept                    POST L ...xx .xxxx .
workplans:scheme.revise                    POST L ...oo .xxxx .
workplans:scheme.file                      GET  L ..... .oooo .
workplans:scheme.file_remove               POST L ..... .xxxx .
workplans:version.detail                   GET  L ooooo .oooo .
workplans:report.detail                    GET  L ...oo .oooo .
workplans:report.file                      GET  L ...oo .xxxx .
workplans:report.file                      POST L ...oo .xxxx .

# key projects: the district manages, the unit below its zone reports, the federation inspects
competitions:project.list                  GET  L ooooo xoooo o
competitions:project.wall                  GET  L xxxoo xoooo o
competitions:project.register              GET  L xxxoo xooxx o
competitions:project.register              POST L xxxoo xooxx o
competitions:project.detail                GET  L ooooo .oooo .
competitions:project.edit                  GET  L xxxoo .xxxx .
competitions:project.edit                  POST L xxxoo .xxxx .
competitions:project.plan                  GET  L ooxoo .xxxx .
competitions:project.plan                  POST L ooxoo .xxxx .
competitions:project.close                 GET  L xxxoo .xxxx .
competitions:project.close                 POST L xxxoo .xxxx .
competitions:project.archive               POST L xxxxx .xxxx .
competitions:participant.add               GET  L xxxoo .xxxx .
competitions:participant.add               POST L xxxoo .xxxx .
competitions:participant.remove            POST L xxxoo .xxxx .
competitions:milestone.add                 GET  L ooxoo .xxxx .
competitions:milestone.add                 POST L ooxoo .xxxx .
competitions:milestone.done                GET  L ooxoo .xxxx .
competitions:milestone.done                POST L ooxoo .xxxx .
competitions:period.list                   GET  L ooooo xoooo o
competitions:period.detail                 GET  L ooooo .oooo .
competitions:period.report                 GET  L xxxxx .xxxx .
competitions:period.report                 POST L xxxxx .xxxx .
competitions:period.accept                 POST L xxxoo .xxxx .
competitions:period.return                 GET  L xxxoo .xxxx .
competitions:period.return                 POST L xxxoo .xxxx .
competitions:scorecard.add                 GET  L xxxoo .ooxx .
competitions:scorecard.add                 POST L xxxoo .ooxx .
competitions:scorecard.detail              GET  L ooooo .oooo .
competitions:inspection.list               GET  L xxxoo xoooo o
competitions:inspection.plan               GET  L xxxoo .ooxx .
competitions:inspection.plan               POST L xxxoo .ooxx .
competitions:inspection.detail             GET  L ooooo .oooo .
competitions:inspection.record             GET  L xxxoo .ooxx .
competitions:inspection.record             POST L xxxoo .ooxx .
competitions:care.list                     GET  L xxxoo xoooo o
competitions:care.add                      GET  L xxxoo .ooxx .
competitions:care.add                      POST L xxxoo .ooxx .
competitions:care.detail                   GET  L ooooo .oooo .
competitions:ticket.list                   GET  L ooooo xoooo o
competitions:ticket.raise                  GET  L ooxoo .ooxx .
competitions:ticket.raise                  POST L ooxoo .ooxx .
competitions:ticket.detail                 GET  L ooooo .oooo .
competitions:ticket.solve                  GET  L ooxxx .xxxx .
competitions:ticket.solve                  POST L ooxxx .xxxx .
competitions:ticket.close                  POST L xxxxx .xxxx .
competitions:ticket.reopen                 GET  L xxxxx .xxxx .
competitions:ticket.reopen                 POST L xxxxx .xxxx .
competitions:ticket.escalate               GET  L xxxoo .xxxx .
competitions:ticket.escalate               POST L xxxoo .xxxx .
competitions:file                          GET  L ooooo .oooo .

# places: read along the tree, moved by the union that holds them or by the organiser
lifecycle:place.list                       GET  L xoooo xoooo o
lifecycle:place.account                    GET  L ...oo .oooo .
lifecycle:place.transfer                   GET  L ...oo .xoxx .
lifecycle:place.transfer                   POST L ...oo .xoxx .
lifecycle:place.give_back                  GET  L ...oo .xoxx .
lifecycle:place.give_back                  POST L ...oo .xoxx .
lifecycle:place.reverse                    GET  L ..... .oo.. .
lifecycle:place.reverse                    POST L ..... .oo.. .

# editions of unions below
lifecycle:edition.list                     GET  L xxooo xoooo o
lifecycle:edition.choose                   GET  L xxxxo xxoxx o
lifecycle:edition.open                     GET  L xxxxo xx.xx .
lifecycle:edition.open                     POST L xxxxo xx.xx .
lifecycle:edition.detail                   GET  L ...oo .oooo .
lifecycle:edition.forward                  GET  L xxxxo .xxxx .
lifecycle:edition.forward                  POST L xxxxx .xxxx .

# joint programmes: the owner's side, then what the co-host – here the other root – was agreed to do
lifecycle:cycle.hosts                      GET  L xxxxx xoooo .
lifecycle:cycle.host_add                   GET  L xxxxx xxoxx .
lifecycle:cycle.host_add                   POST L xxxxx xxoxx .
lifecycle:cycle.host_edit                  GET  L ..... .xoxx .
lifecycle:cycle.host_edit                  POST L ..... .xoxx .
lifecycle:cycle.host_end                   GET  L ..... .xoxx .
lifecycle:cycle.host_end                   POST L ..... .xoxx .
lifecycle:clearance.letter_sent            GET  L xxooo xooxx o
lifecycle:clearance.letter_sent            POST L xxooo xooxx o
lifecycle:clearance.letter                 GET  L ..... .ooxx .
lifecycle:clearance.letter                 POST L ..... .ooxx .
lifecycle:clearance.reply_scan             GET  L ..... .oooo .
lifecycle:clearance.waive                  GET  L ..... .ooxx .
lifecycle:clearance.waive                  POST L ..... .ooxx .
lifecycle:clearance.waive_confirm          POST L ..... .xoxx .
lifecycle:clearance.scan                   GET  L ..... .oooo .
lifecycle:clearance.overrule               GET  L ..... .xoxx .
lifecycle:clearance.overrule               POST L ..... .xoxx .
lifecycle:round.answer                     GET  L ..... ..oxx .
lifecycle:round.answer                     POST L ..... ..oxx .
lifecycle:joint.list                       GET  L xxxxx xoooo o
lifecycle:joint.detail                     GET  L ..... ..... o
lifecycle:joint.acknowledge                POST L ..... ..... o
lifecycle:joint.entries                    GET  L ..... ..... o
lifecycle:joint.entry                      GET  L ..... ..... o
lifecycle:joint.entry                      POST L ..... ..... o
lifecycle:joint.file                       GET  L ..... ..... o
lifecycle:joint.scan                       GET  L ..... ..... o
lifecycle:joint.agree                      POST L xxxxx xooxx o
lifecycle:joint.rounds                     GET  L ..... ..... o
lifecycle:joint.round                      GET  L ..... ..... o
lifecycle:joint.sign                       GET  L ..... ..... o
lifecycle:joint.sign                       POST L ..... ..... o

# results of contests
lifecycle:result.stages                    GET  L xxooo xoooo o
lifecycle:result.list                      GET  L ..... xoooo .
lifecycle:result.template                  GET  L ..... .ooxx .
lifecycle:result.upload                    GET  L ..... .ooxx .
lifecycle:result.upload                    POST L ..... .ooxx .
lifecycle:result.edit                      GET  L ..... .ooxx .
lifecycle:result.edit                      POST L ..... .ooxx .
lifecycle:result.confirm                   POST L xxooo xooxx o
lifecycle:result.return                    POST L xxooo xooxx o
lifecycle:result.confirm_all               GET  L ..... .ooxx .
lifecycle:result.confirm_all               POST L ..... .ooxx .
lifecycle:result.batch                     GET  L ..... .oooo .
lifecycle:result.apply                     POST L ..... .ooxx .
lifecycle:result.cancel                    POST L ..... .ooxx .
lifecycle:result.errors                    GET  L ..... .oooo .

# codes of contests
lifecycle:codes.stages                     GET  L xxooo xoooo o
lifecycle:codes.page                       GET  L ..... .oooo .
lifecycle:codes.draw                       GET  L ..... .ooxx .
lifecycle:codes.draw                       POST L ..... .ooxx .
lifecycle:codes.append                     POST L ..... .ooxx .
lifecycle:codes.table                      GET  L ..... .ooxx .
lifecycle:codes.print                      GET  L ..... .ooxx .
lifecycle:codes.marks                      GET  L ..... .ooxx .
lifecycle:codes.mark                       GET  L ..... .ooxx .
lifecycle:codes.mark                       POST L ..... .ooxx .
lifecycle:codes.return                     GET  L ..... .ooxx .
lifecycle:codes.return                     POST L ..... .ooxx .
lifecycle:codes.template                   GET  L ..... .ooxx .
lifecycle:codes.upload                     GET  L ..... .ooxx .
lifecycle:codes.upload                     POST L ..... .ooxx .
lifecycle:codes.confirm                    GET  L ..... .ooxx .
lifecycle:codes.confirm                    POST L ..... .ooxx .
lifecycle:codes.batch                      GET  L ..... .ooxx .
lifecycle:codes.apply                      POST L ..... .ooxx .
lifecycle:codes.cancel                     POST L ..... .ooxx .
lifecycle:codes.errors                     GET  L ..... .ooxx .
lifecycle:codes.decode                     GET  L ..... .ooox .
lifecycle:codes.decode                     POST L ..... .ooox .

# similar entries
lifecycle:similarity.list                  GET  L xxooo xoooo o
lifecycle:similarity.pair                  GET  L ..... .oooo .
lifecycle:similarity.pair                  POST L ..... .ooxx .

# letters of the organiser, everybody's inbox
lifecycle:letters.list                     GET  L xxooo xoooo o
lifecycle:letters.draft                    GET  L xxooo xooxx o
lifecycle:letters.draft                    POST L xxooo xooxx o
lifecycle:letters.batch                    GET  L ..... .oooo .
lifecycle:letters.change                   GET  L ..... .ooxx .
lifecycle:letters.change                   POST L ..... .ooxx .
lifecycle:letters.send                     POST L ..... .xoxx .
lifecycle:letters.resend                   POST L ..... .xoxx .
lifecycle:letters.discard                  GET  L ..... .ooxx .
lifecycle:letters.discard                  POST L ..... .ooxx .
lifecycle:letters.letter                   GET  L ..... .oooo .
lifecycle:letters.letter_change            GET  L ..... .ooxx .
lifecycle:letters.letter_change            POST L ..... .ooxx .
lifecycle:letters.leave_out                GET  L ..... .ooxx .
lifecycle:letters.leave_out                POST L ..... .ooxx .
lifecycle:letters.take_in                  POST L ..... .ooxx .
lifecycle:message.list                     GET  L ooooo ooooo o
lifecycle:message.remind                   GET  L ooooo ooooo o
lifecycle:message.remind                   POST L ooooo ooooo o
lifecycle:message.detail                   GET  L ...o. ..... .

# letters of the docket
lifecycle:objection.accept                 POST L ..... ..oxx .
lifecycle:objection.letter                 GET  L ..... ..ooo .
lifecycle:objection.report                 GET  L ..... .xooo .

# signed certificates
awards:certificate.reissue                 GET  L xxxxx .xoxx .
awards:certificate.reissue                 POST L xxxxx .xoxx .
awards:public.certificate                  GET  o ooooo ooooo o
awards:public.keys                         GET  o ooooo ooooo o
awards:public.revocations                  GET  o ooooo ooooo o
awards:public.verifier                     GET  o ooooo ooooo o

# selection
lifecycle:round.list                       GET  L xxxxo xxooo o
lifecycle:round.stage                      GET  L ..... ..ooo .
lifecycle:round.produce                    POST L ..... ..oxx .
lifecycle:round.detail                     GET  L ..... .xooo .
lifecycle:round.paper                      GET  L ..... .xooo .
lifecycle:round.docx                       GET  L ..... .xooo .
lifecycle:round.what_if                    GET  L ..... .xooo .
lifecycle:round.what_if                    POST L ..... .xooo .
lifecycle:round.meter                      POST L ..... .xooo .
lifecycle:round.approve                    GET  L ..... ..oxx .
lifecycle:round.approve                    POST L ..... ..oxx .
lifecycle:round.reject                     GET  L ..... ..oxx .
lifecycle:round.reject                     POST L ..... ..oxx .
lifecycle:round.lines                      POST L xxxxo xxoxx o
lifecycle:round.line                       GET  L ..... ..oxx .
lifecycle:round.line                       POST L ..... ..oxx .
lifecycle:round.tie                        GET  L ..... ..oxx .
lifecycle:round.tie                        POST L ..... ..oxx .

# background work and reports
jobs:run.list                              GET  L ooooo ooooo o
jobs:run.detail                            GET  L ..... .oooo .
jobs:file.download                         GET  L ..... .xoxx .
reports:home                               GET  L xoooo xoooo o
reports:home                               POST L xoooo xoooo o
# the API
api:schema                                 GET  o ooooo ooooo o
api:programme-list                         GET  L ooooo ooooo o
api:programme-detail                       GET  L ooooo ooooo .
api:cycle-list                             GET  L ooooo ooooo o
api:cycle-detail                           GET  L ooooo ooooo .
api:entry-list                             GET  L ooooo xoooo o
api:entry-list                             POST L oxxxx xxxxx x
api:entry-detail                           GET  L ooooo .oooo .
api:entry-answers                          PUT  L xxxxx .xxxx .
api:entry-decline                          POST L xoxxx .xxxx .
api:entry-endorse                          POST L xoxxx .xxxx .
api:entry-return                           POST L xoxxx .xxxx .
api:entry-submit                           POST L oxxxx .xxxx .
api:entry-withdraw                         POST L oxxxx .xxxx .
api:review-list                            GET  L xxxxx oxxxx x
api:review-detail                          GET  L ..... o.... .
api:review-marks                           PUT  L ..... o.... .
api:review-items                           GET  L ..... o.... .
api:review-items                           PUT  L ..... o.... .
api:review-recuse                          POST L ..... o.... .
api:review-submit                          POST L ..... o.... .
api:self-mark-detail                       GET  L oo... ..... .
api:self-mark-detail                       PUT  L ox... ..... .
api:round-list                             GET  L xxxxo xxooo o
api:round-detail                           GET  L ..... .xooo .
api:notice-list                            GET  L ooooo ooooo o
api:notice-detail                          GET  L ooooo ooooo .
api:honour-list                            GET  L ooooo ooooo o
api:honour-detail                          GET  L ooooo .oooo .
"""
