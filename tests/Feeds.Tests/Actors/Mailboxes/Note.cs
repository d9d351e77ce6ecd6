using Feeds.Actors.Mailboxes;

namespace Feeds.Tests.Actors.Mailboxes;

/// <summary>A message that says its own class, as the symbol actor's does.</summary>
internal readonly record struct Note(MessageClass Class, int Value, int Floor = 0, int Replaced = 0)
{
    public static MailboxOptions<Note> Options(int data = 16, int commands = 4, Action<Note>? discarded = null) => new()
    {
        DataCapacity = data,
        CommandCapacity = commands,
        Classify = static note => note.Class,
        WithReplaced = static (note, replaced) => note with { Replaced = replaced },
        Discarded = discarded,
    };

    public static Note Data(int value) => new(MessageClass.Data, value);

    public static Note Barrier(int value) => new(MessageClass.Barrier, value);

    public static Note Conflate(int value) => new(MessageClass.Conflate, value);

    public static Note Command(int value) => new(MessageClass.Command, value);
}
