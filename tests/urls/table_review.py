"""The table of tests/urls/table.py, continued for rulings, re-discussions, re-markings and meetings: same columns, same letters."""

REVIEW = """
lifecycle:review.balance                   GET  L ..... xxooo .
lifecycle:discussion.raise                 GET  L ..... ..oxx .
lifecycle:discussion.raise                 POST L ..... ..oxx .
lifecycle:discussion.settle                GET  L ..... ..oxx .
lifecycle:discussion.settle                POST L ..... ..oxx .
lifecycle:discussion.chair                 GET  L ..... o.... .
lifecycle:discussion.chair                 POST L ..... o.... .
lifecycle:remarking.selected               POST L xxxxo xxoxx o
lifecycle:remarking.list                   GET  L ..... xxooo .
lifecycle:remarking.open                   GET  L ..... xxoxx .
lifecycle:remarking.open                   POST L ..... xxoxx .
lifecycle:remarking.detail                 GET  L ..... ..ooo .
lifecycle:remarking.apply                  GET  L ..... ..oxx .
lifecycle:remarking.apply                  POST L ..... ..oxx .
lifecycle:remarking.cancel                 GET  L ..... ..oxx .
lifecycle:remarking.cancel                 POST L ..... ..oxx .
lifecycle:ruling.list                      GET  L ..... ..ooo .
lifecycle:ruling.rule                      GET  L ..... ..oxx .
lifecycle:ruling.rule                      POST L ..... ..oxx .
lifecycle:ruling.confirm                   POST L ..... ..ooo .
lifecycle:ruling.withdraw                  POST L ..... ..oxx .
lifecycle:meeting.list                     GET  L ..... xxooo .
lifecycle:meeting.call                     GET  L ..... xxoxx .
lifecycle:meeting.call                     POST L ..... xxoxx .
lifecycle:meeting.detail                   GET  L ..... ..ooo .
lifecycle:meeting.open                     GET  L ..... ..oxx .
lifecycle:meeting.open                     POST L ..... ..oxx .
lifecycle:meeting.close                    POST L ..... ..oxx .
lifecycle:meeting.minutes                  GET  L ..... ..ooo .
lifecycle:meeting.take_up                  POST L ..... ..oxx .
lifecycle:meeting.put_off                  GET  L ..... ..oxx .
lifecycle:meeting.put_off                  POST L ..... ..oxx .
lifecycle:meeting.ballot_open              POST L ..... ..oxx .
lifecycle:meeting.ballot_close             GET  L ..... ..oxx .
lifecycle:meeting.ballot_close             POST L ..... ..oxx .
lifecycle:meeting.own                      GET  L xxxxx oxxxx x
lifecycle:meeting.room                     GET  L ..... o.... .
lifecycle:meeting.cast                     POST L ..... o.... .

# staff who keep away from an entry
lifecycle:recusal.list                     GET  L xxooo xoooo o
lifecycle:recusal.record                   GET  L ..... .ooox .
lifecycle:recusal.record                   POST L ..... .ooox .
lifecycle:recusal.end                      GET  L ..... .xoox .
lifecycle:recusal.end                      POST L ..... .xoox .
"""
