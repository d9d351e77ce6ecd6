using Feeds.Actors.Mailboxes;
using Xunit;

namespace Feeds.Tests.Actors.Mailboxes;

public sealed class MailboxTests
{
    private readonly List<Note> _replaced = [];

    [Fact]
    public void Commands_overtake_data_and_the_slot_comes_last()
    {
        var mailbox = Create();
        Offer(mailbox, Note.Conflate(1), Note.Data(2), Note.Command(3), Note.Data(4), Note.Command(5));
        Assert.Equal([3, 5, 2, 4, 1], Values(TakeAll(mailbox)));
    }

    [Fact]
    public void A_newer_message_replaces_the_waiting_one_and_the_count_rides_on_it()
    {
        var mailbox = Create();
        Offer(mailbox, Note.Conflate(1), Note.Conflate(2), Note.Conflate(3));
        Assert.Equal([Note.Conflate(3) with { Replaced = 2 }], TakeAll(mailbox));
        Assert.Equal([Note.Conflate(1), Note.Conflate(2)], _replaced);
        Assert.Equal(2, mailbox.ReplacedTotal);
        Offer(mailbox, Note.Conflate(4));
        Assert.Equal([Note.Conflate(4)], TakeAll(mailbox));
    }

    [Fact]
    public void A_barrier_puts_what_waits_in_the_slot_ahead_of_itself()
    {
        var mailbox = Create();
        Offer(
            mailbox, Note.Conflate(1), Note.Conflate(2), Note.Barrier(3), Note.Conflate(4), Note.Data(5),
            Note.Barrier(6));
        Assert.Equal(
            [Note.Conflate(2) with { Replaced = 1 }, Note.Barrier(3), Note.Data(5), Note.Conflate(4), Note.Barrier(6)],
            TakeAll(mailbox));
    }

    [Fact]
    public void A_barrier_with_an_empty_slot_travels_as_data()
    {
        var mailbox = Create();
        Offer(mailbox, Note.Data(1), Note.Barrier(2), Note.Data(3), Note.Conflate(4));
        Assert.Equal([1, 2, 3, 4], Values(TakeAll(mailbox)));
    }

    [Fact]
    public void Each_queue_refuses_beyond_its_own_bound_and_the_slot_never()
    {
        var mailbox = Create(data: 2, commands: 1);
        Offer(mailbox, Note.Data(1), Note.Data(2), Note.Command(3), Note.Conflate(4));
        Assert.Equal(OfferResult.Full, mailbox.Offer(Note.Data(5)));
        Assert.Equal(OfferResult.Full, mailbox.Offer(Note.Barrier(6)));
        Assert.Equal(OfferResult.Full, mailbox.Offer(Note.Command(7)));
        Assert.Equal(OfferResult.Taken, mailbox.Offer(Note.Conflate(8)));
        Assert.Equal(new MailboxDepth(1, 1, 2, 2, true), mailbox.Depth);
        Assert.Equal(4, mailbox.Depth.Total);
        Assert.Equal([3, 1, 2, 8], Values(TakeAll(mailbox)));
    }

    [Fact]
    public void A_refused_barrier_still_sees_the_newest_book_when_it_gets_in_later()
    {
        var mailbox = Create(data: 2);
        Offer(mailbox, Note.Data(1), Note.Conflate(2));
        Assert.Equal(OfferResult.Full, mailbox.Offer(Note.Barrier(3)));
        Offer(mailbox, Note.Conflate(4));
        Assert.True(mailbox.TryTake(out _));
        Assert.True(mailbox.TryTake(out var moved));
        Assert.Equal(Note.Conflate(2), moved);
        Offer(mailbox, Note.Barrier(3), Note.Conflate(5));
        Assert.Equal([4, 3, 5], Values(TakeAll(mailbox)));
    }

    [Fact]
    public void A_closed_mailbox_refuses_everything_but_gives_out_what_it_holds()
    {
        var mailbox = Create();
        Offer(mailbox, Note.Data(1), Note.Conflate(2), Note.Command(3));
        mailbox.Close();
        mailbox.Open();
        mailbox.Park();
        foreach (var note in new[] { Note.Data(4), Note.Barrier(5), Note.Conflate(6), Note.Command(7) })
            Assert.Equal(OfferResult.Stopped, mailbox.Offer(note));
        Assert.Equal([3, 1, 2], Values(TakeAll(mailbox)));
    }

    [Theory]
    [InlineData(MessageClass.Data)]
    [InlineData(MessageClass.Barrier)]
    [InlineData(MessageClass.Conflate)]
    [InlineData(MessageClass.Command)]
    public void Nothing_slips_into_a_mailbox_that_closes_while_it_is_offered(MessageClass messageClass)
    {
        // The class is asked for after the first look at whether the mailbox is open: the very moment to close it.
        Mailbox<Note>? mailbox = null;
        var options = Note.Options() with
        {
            Classify = note =>
            {
                mailbox!.Close();
                return note.Class;
            },
        };
        mailbox = new Mailbox<Note>(options, new WakeUp(), options.WithReplaced!, _replaced.Add);
        Assert.Equal(OfferResult.Stopped, mailbox.Offer(new Note(messageClass, 1)));
        Assert.Empty(TakeAll(mailbox));
    }

    [Fact]
    public void A_parked_mailbox_refuses_until_it_is_opened()
    {
        var mailbox = Create();
        mailbox.Park();
        Assert.Equal(OfferResult.Parked, mailbox.Offer(Note.Data(1)));
        Assert.Equal(OfferResult.Parked, mailbox.Offer(Note.Conflate(2)));
        mailbox.Open();
        Offer(mailbox, Note.Data(3));
        Assert.Equal([3], Values(TakeAll(mailbox)));
    }

    [Fact]
    public async Task Who_waits_for_room_goes_on_after_a_take_and_after_a_close()
    {
        var mailbox = Create(data: 1);
        Offer(mailbox, Note.Data(1));
        var waiting = mailbox.WaitForRoomAsync(Note.Data(2), default).AsTask();
        Assert.False(waiting.IsCompleted);
        TakeAll(mailbox);
        await waiting.Ends();
        Offer(mailbox, Note.Data(2));
        var closed = mailbox.WaitForRoomAsync(Note.Barrier(3), default).AsTask();
        mailbox.Close();
        await closed.Ends();
    }

    [Fact]
    public void Bounds_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(data: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(commands: 0));
    }

    internal static List<Note> TakeAll(Mailbox<Note> mailbox)
    {
        var taken = new List<Note>();
        while (mailbox.TryTake(out var note)) taken.Add(note);
        return taken;
    }

    private static IEnumerable<int> Values(IEnumerable<Note> notes) => notes.Select(static note => note.Value);

    private static void Offer(Mailbox<Note> mailbox, params Note[] notes)
    {
        foreach (var note in notes) Assert.Equal(OfferResult.Taken, mailbox.Offer(note));
    }

    private Mailbox<Note> Create(int data = 16, int commands = 4)
    {
        var options = Note.Options(data, commands);
        return new Mailbox<Note>(options, new WakeUp(), options.WithReplaced!, _replaced.Add);
    }
}
