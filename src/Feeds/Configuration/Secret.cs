namespace Feeds.Configuration;

/// <summary>A text that must not be seen: it prints as <c>***</c> and is told only to who asks by name.</summary>
internal sealed class Secret(string value)
{
    /// <summary>What stands for a secret wherever it would be shown.</summary>
    public const string Mask = "***";

    /// <summary>Returns the text itself.</summary>
    public string Reveal() => value;

    /// <summary>Returns the mask.</summary>
    public override string ToString() => Mask;
}
