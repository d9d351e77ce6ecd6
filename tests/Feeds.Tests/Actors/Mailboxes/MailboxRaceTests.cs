using Feeds.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors.Mailboxes;

/// <summary>Senders and consumer on threads of their own; small queues, so that everything happens often.</summary>
public sealed class MailboxRaceTests
{
    private const int Rounds = 60_000;

    private readonly WakeUp _wakeUp = new();

    [Fact]
    public async Task At_a_barrier_the_newest_book_told_before_it_has_been_seen_and_none_told_after_it()
    {
        var mailbox = Create();
        var sender = Task.Run(async () =>
        {
            var random = new Random(1);
            var book = 0;
            for (var i = 0; i < Rounds; i++)
            {
                switch (random.Next(4))
                {
                    case 0 or 1:
                        await TellAsync(mailbox, Note.Conflate(++book));
                        break;
                    case 2:
                        await TellAsync(mailbox, Note.Data(i));
                        break;
                    default:
                        await TellAsync(mailbox, Note.Barrier(book));
                        break;
                }
            }
            mailbox.Close();
            return book;
        });

        var (seen, accounted, wrong) = (0, 0, 0);
        await ConsumeAsync(mailbox, note =>
        {
            if (note.Class == MessageClass.Conflate)
            {
                seen = note.Value;
                accounted += 1 + note.Replaced;
            }
            else if (note.Class == MessageClass.Barrier && seen != note.Value) wrong++;
        });
        Assert.Equal(0, wrong);
        Assert.Equal(await sender.Ends(), accounted);
    }

    [Fact]
    public async Task Books_and_barriers_of_different_senders_keep_the_order_in_which_they_were_known()
    {
        var mailbox = Create();
        var (booksTold, barriersTold) = (0, 0);
        // A message carries what its sender knew to be told already: that must have been seen when it is.
        var books = Task.Run(() =>
        {
            for (var i = 1; i <= Rounds; i++)
            {
                Assert.Equal(
                    OfferResult.Taken,
                    mailbox.Offer(Note.Conflate(i) with { Floor = Volatile.Read(ref barriersTold) }));
                Volatile.Write(ref booksTold, i);
            }
        });
        var barriers = Task.Run(async () =>
        {
            for (var i = 1; i <= Rounds; i++)
            {
                await TellAsync(mailbox, Note.Barrier(i) with { Floor = Volatile.Read(ref booksTold) });
                Volatile.Write(ref barriersTold, i);
            }
        });
        var closing = Task.WhenAll(books, barriers).ContinueWith(_ => mailbox.Close(), TaskScheduler.Default);

        var (book, barrier, wrong, doubled) = (0, 0, 0, 0);
        await ConsumeAsync(mailbox, note =>
        {
            if (note.Class == MessageClass.Conflate)
            {
                if (note.Value <= book) doubled++;
                book = note.Value;
                if (barrier < note.Floor) wrong++;
            }
            else
            {
                if (note.Value != barrier + 1) doubled++;
                barrier = note.Value;
                if (book < note.Floor) wrong++;
            }
        });
        await closing.Ends();
        Assert.Equal((0, 0, Rounds, Rounds), (wrong, doubled, book, barrier));
    }

    private Mailbox<Note> Create()
    {
        var options = Note.Options(data: 3, commands: 2);
        return new Mailbox<Note>(options, _wakeUp, options.WithReplaced!, static _ => { });
    }

    private static async Task TellAsync(Mailbox<Note> mailbox, Note note)
    {
        while (mailbox.Offer(note) == OfferResult.Full) await mailbox.WaitForRoomAsync(note, default);
    }

    // The wake-up is not set by Close, so the end is polled for: after the last message, by a nudge of the test's own.
    private async Task ConsumeAsync(Mailbox<Note> mailbox, Action<Note> see)
    {
        using var nudge = new Timer(_ => _wakeUp.Set(), null, 20, 20);
        while (true)
        {
            var closed = mailbox.Offer(Note.Command(0)) == OfferResult.Stopped;
            while (mailbox.TryTake(out var note))
                if (note.Class != MessageClass.Command) see(note);
            if (closed) return;
            await _wakeUp.WaitAsync().AsTask().Ends();
        }
    }
}
