namespace Feeds.Commands;

/// <summary>A command whose argument is one of the words that the running node knows.</summary>
internal interface INodeWords
{
    /// <summary>Returns the words.</summary>
    Task<IEnumerable<string>> WordsAsync(NodeClient client, CancellationToken cancellationToken);
}
