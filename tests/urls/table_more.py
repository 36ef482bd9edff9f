"""The table of tests/urls/table.py, continued: same columns, same letters."""

MORE = """
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

# editions of unions below
lifecycle:edition.list                     GET  L xxooo xoooo o
lifecycle:edition.choose                   GET  L xxxxo xxoxx o
lifecycle:edition.open                     GET  L xxxxo xx.xx .
lifecycle:edition.open                     POST L xxxxo xx.xx .
lifecycle:edition.detail                   GET  L ...oo .oooo .
lifecycle:edition.forward                  GET  L xxxxo .xxxx .
lifecycle:edition.forward                  POST L xxxxx .xxxx .
"""
