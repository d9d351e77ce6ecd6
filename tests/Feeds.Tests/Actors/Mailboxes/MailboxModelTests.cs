using Feeds.Actors.Mailboxes;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Actors.Mailboxes;

public sealed class MailboxModelTests
{
    private const int Capacity = 3;

    [Fact]
    public void Any_sequence_of_offers_and_takes_gives_what_the_obvious_mailbox_gives()
    {
        // 0…3: offer a message of that class; 4, 5: take; 6: close, only at the end, since it is final; 7: park; 8:
        // open.
        var step = Gen.Frequency((20, Gen.Choose(0, 3)), (12, Gen.Choose(4, 5)), (1, Gen.Choose(7, 8)));
        var steps = step.ListOf().SelectMany(
            list => Gen.Elements(false, true).Select(close => close ? [.. list, 6, 0, 2, 3, 1, 4, 0] : list.ToArray()));
        Prop.ForAll(steps.ToArbitrary(), SameAsModel)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static bool SameAsModel(int[] steps)
    {
        var options = Note.Options(Capacity, Capacity);
        var returned = new List<Note>();
        var mailbox = new Mailbox<Note>(options, new WakeUp(), options.WithReplaced!, returned.Add);
        var model = new ModelMailbox();
        for (var i = 0; i < steps.Length; i++)
        {
            switch (steps[i])
            {
                case 6:
                    mailbox.Close();
                    model.Refusal = OfferResult.Stopped;
                    break;
                case 7:
                    mailbox.Park();
                    if (model.Refusal != OfferResult.Stopped) model.Refusal = OfferResult.Parked;
                    break;
                case 8:
                    mailbox.Open();
                    if (model.Refusal != OfferResult.Stopped) model.Refusal = OfferResult.Taken;
                    break;
                case 4 or 5:
                    Note? taken = mailbox.TryTake(out var note) ? note : null;
                    if (taken != model.Take()) return false;
                    break;
                default:
                    var offered = new Note((MessageClass)steps[i], i);
                    if (mailbox.Offer(offered) != model.Offer(offered)) return false;
                    break;
            }
        }
        return MailboxTests.TakeAll(mailbox).SequenceEqual(model.TakeAll()) && returned.SequenceEqual(model.Returned);
    }

    /// <summary>The rules of the mailbox written down plainly, for one thread.</summary>
    private sealed class ModelMailbox
    {
        private readonly List<Note> _commands = [];
        private readonly List<Note> _data = [];
        private readonly List<Note> _slot = [];

        public OfferResult Refusal { get; set; } = OfferResult.Taken;

        public List<Note> Returned { get; } = [];

        public OfferResult Offer(Note note)
        {
            if (Refusal != OfferResult.Taken) return Refusal;
            switch (note.Class)
            {
                case MessageClass.Conflate:
                    if (_slot.Count > 0) Returned.Add(_slot[^1]);
                    _slot.Add(note);
                    return OfferResult.Taken;
                case MessageClass.Command:
                    return Into(_commands, note);
                case MessageClass.Barrier when _slot.Count > 0:
                    if (Into(_data, Slot()) == OfferResult.Full) return OfferResult.Full;
                    _slot.Clear();
                    return Into(_data, note);
                default:
                    return Into(_data, note);
            }
        }

        public Note? Take()
        {
            if (_commands.Count > 0) return First(_commands);
            if (_data.Count > 0) return First(_data);
            if (_slot.Count == 0) return null;
            var slot = Slot();
            _slot.Clear();
            return slot;
        }

        public IEnumerable<Note> TakeAll()
        {
            while (Take() is { } note) yield return note;
        }

        private static Note First(List<Note> queue)
        {
            var first = queue[0];
            queue.RemoveAt(0);
            return first;
        }

        private static OfferResult Into(List<Note> queue, Note note)
        {
            if (queue.Count == Capacity) return OfferResult.Full;
            queue.Add(note);
            return OfferResult.Taken;
        }

        private Note Slot() => _slot[^1] with { Replaced = _slot.Count - 1 };
    }
}
