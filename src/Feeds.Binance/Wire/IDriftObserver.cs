namespace Feeds.Binance.Wire;

/// <summary>
/// Is told, once per name, that the exchange's messages are no longer what this program was written for.
/// </summary>
public interface IDriftObserver
{
    /// <summary>
    /// A message of a known type has a field that is not known; <paramref name="name"/> is such as <c>aggTrade.xy</c>.
    /// </summary>
    void UnknownField(string name);

    /// <summary>A message is of a type that is not known.</summary>
    void UnknownEvent(string name);

    /// <summary>
    /// A field that used to be there is not, though the message is still of use; <paramref name="name"/> as above.
    /// </summary>
    void VanishedField(string name);
}
