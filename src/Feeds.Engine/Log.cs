using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>What the engine says in the log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Node started: {Symbols} symbols, a row every {IntervalSec} s")]
    public static partial void NodeStarted(ILogger logger, int symbols, double intervalSec);

    [LoggerMessage(2, LogLevel.Information, "Node stopped after {Rows} rows")]
    public static partial void NodeStopped(ILogger logger, long rows);

    [LoggerMessage(3, LogLevel.Warning, "Node stopped without draining {Actors}")]
    public static partial void NotDrained(ILogger logger, string actors);

    [LoggerMessage(4, LogLevel.Information,
        "The configured symbols were changed at runtime: added {Added}, removed {Removed}")]
    public static partial void SymbolsChanged(ILogger logger, string added, string removed);

    [LoggerMessage(10, LogLevel.Debug, "Actor {Path} ({Kind}) started, restarts {Restarts}")]
    public static partial void ActorStarted(ILogger logger, string path, string kind, int restarts);

    [LoggerMessage(11, LogLevel.Warning, "Actor {Path} failed, {Directive}: {Failure}")]
    public static partial void ActorFailed(ILogger logger, string path, string directive, string failure);

    [LoggerMessage(12, LogLevel.Debug, "Actor {Path} failed with")]
    public static partial void ActorFailure(ILogger logger, Exception failure, string path);

    [LoggerMessage(13, LogLevel.Information, "Actor {Path} restarts in {DelaySec:0.0} s")]
    public static partial void ActorRestarting(ILogger logger, string path, double delaySec);

    [LoggerMessage(14, LogLevel.Error,
        "Actor {Path} failed too often and is parked until an operator restarts it: {Failure}")]
    public static partial void ActorParked(ILogger logger, string path, string failure);

    [LoggerMessage(15, LogLevel.Debug, "Actor {Path} stopped")]
    public static partial void ActorStopped(ILogger logger, string path);

    [LoggerMessage(16, LogLevel.Warning,
        "Message {MessageType} to {Path} was not delivered: {Reason} (number {Count})")]
    public static partial void DeadLetter(ILogger logger, string messageType, string path, string reason, long count);

    [LoggerMessage(17, LogLevel.Warning, "Actor {Path} failed in {Hook}")]
    public static partial void HookFailed(ILogger logger, Exception failure, string path, string hook);

    [LoggerMessage(18, LogLevel.Warning,
        "Actor {Path} went on without {Works} background works that ignored their cancellation")]
    public static partial void WorkAbandoned(ILogger logger, string path, int works);

    [LoggerMessage(20, LogLevel.Information, "Stream {Name} open on {Path} with {Streams} streams")]
    public static partial void StreamOpen(ILogger logger, string name, string path, int streams);

    [LoggerMessage(21, LogLevel.Warning, "Message on {Name} not taken, {Reason} (number {Count}): {Sample}")]
    public static partial void MessageRefused(ILogger logger, string name, string reason, long count, string sample);

    [LoggerMessage(22, LogLevel.Information, "The exchange's messages changed: {What}")]
    public static partial void SchemaDrift(ILogger logger, string what);

    [LoggerMessage(23, LogLevel.Warning,
        "Stream {Stream} muted: nothing for {LimitSec:0} s while its connection lives; asking for it again")]
    public static partial void StreamMuted(ILogger logger, string stream, double limitSec);

    [LoggerMessage(24, LogLevel.Information, "Stream {Stream} speaks again")]
    public static partial void StreamBack(ILogger logger, string stream);

    [LoggerMessage(25, LogLevel.Information, "Stream {Name} went over to a new connection without a break")]
    public static partial void StreamRolledOver(ILogger logger, string name);

    [LoggerMessage(26, LogLevel.Warning, "Stream {Name} stays on its connection for now, the new one was {Why}")]
    public static partial void RolloverGivenUp(ILogger logger, string name, string why);

    [LoggerMessage(30, LogLevel.Warning, "Poll of {Feed} failed, {Reason} (number {Count}): {Message}")]
    public static partial void PollFailed(ILogger logger, string feed, string reason, long count, string message);

    [LoggerMessage(31, LogLevel.Warning, "Symbol {Symbol} is not traded by the exchange ({Status}); it stays inactive")]
    public static partial void SymbolInactive(ILogger logger, string symbol, string status);

    [LoggerMessage(32, LogLevel.Information, "Symbol {Symbol} is traded again ({Status})")]
    public static partial void SymbolActive(ILogger logger, string symbol, string status);

    [LoggerMessage(33, LogLevel.Warning, "The exchange's clock is {OffsetMs:0} ms away from ours")]
    public static partial void ClockSkew(ILogger logger, double offsetMs);

    [LoggerMessage(34, LogLevel.Warning, "{Why}; nothing is asked until {Until}")]
    public static partial void Held(ILogger logger, string why, string until);

    [LoggerMessage(35, LogLevel.Warning, "The end of a hold is not kept over a restart: {Reason}")]
    public static partial void HoldNotKept(ILogger logger, string reason);

    [LoggerMessage(36, LogLevel.Information, "Symbol {Symbol}: {Count} trades filled in, ids {FromId} to {ToId}")]
    public static partial void TradesFilled(ILogger logger, string symbol, int count, long fromId, long toId);

    [LoggerMessage(37, LogLevel.Warning, "Symbol {Symbol}: trades {FromId} to {ToId} stay missing ({Reason})")]
    public static partial void TradesMissing(ILogger logger, string symbol, long fromId, long toId, string reason);

    [LoggerMessage(38, LogLevel.Warning, "Symbol {Symbol} was listed again: another instrument under the same name")]
    public static partial void SymbolRelisted(ILogger logger, string symbol);

    [LoggerMessage(50, LogLevel.Information,
        "Warm-up of {Symbols} symbols begins: {Requests} requests for bars, weight {Weight}")]
    public static partial void WarmUpBegins(ILogger logger, int symbols, int requests, int weight);

    [LoggerMessage(51, LogLevel.Debug,
        "Symbol {Symbol} is warm: {Bars} bars from {From} on, {Requests} requests, weight {Weight}")]
    public static partial void WarmedUp(ILogger logger, string symbol, int bars, string from, int requests, int weight);

    [LoggerMessage(52, LogLevel.Information,
        "Warm-up is done: {Symbols} symbols, {Bars} bars, {Requests} requests, weight {Weight}, {Seconds:0} s")]
    public static partial void WarmUpDone(
        ILogger logger, int symbols, long bars, long requests, long weight, double seconds);

    [LoggerMessage(40, LogLevel.Warning, "{Path}: half-written end cut off, {Bytes} bytes from record {Record} on")]
    public static partial void TailCut(ILogger logger, string path, long bytes, long record);

    [LoggerMessage(41, LogLevel.Error, "{Path}: damaged at byte {Offset}, {Bytes} bytes: {What}")]
    public static partial void Damaged(ILogger logger, string path, long offset, long bytes, string what);

    [LoggerMessage(42, LogLevel.Information, "{Path} put away as {Name}")]
    public static partial void Rotated(ILogger logger, string path, string name);

    [LoggerMessage(43, LogLevel.Warning, "{Path} is due to be put away and cannot be: {Reason}")]
    public static partial void RotationPutOff(ILogger logger, string path, string reason);

    [LoggerMessage(44, LogLevel.Information, "{Path} removed: {Reason}")]
    public static partial void Removed(ILogger logger, string path, string reason);

    [LoggerMessage(45, LogLevel.Warning,
        "{Path}: its newest rows come again at the next start, from the journal: {Reason}")]
    public static partial void RowsPutOff(ILogger logger, string path, string reason);

    [LoggerMessage(46, LogLevel.Error,
        "{Symbol}: the row of tick {TickTime} is in the database with other values; what is there stands")]
    public static partial void RowConflict(ILogger logger, string symbol, long tickTime);

    [LoggerMessage(47, LogLevel.Error,
        "{Symbol}: the row of tick {TickTime} cannot be stored and was put aside: {Reason}")]
    public static partial void RowBuried(ILogger logger, string symbol, long tickTime, string reason);

    [LoggerMessage(48, LogLevel.Warning, "Old parts of the journal could not be sealed or removed: {Reason}")]
    public static partial void JournalNotTended(ILogger logger, string reason);

    [LoggerMessage(60, LogLevel.Information, "{Count} symbols are this node's now: {Symbols}")]
    public static partial void SymbolsTaken(ILogger logger, int count, string symbols);

    [LoggerMessage(61, LogLevel.Information, "{Count} symbols handed over: {Symbols}")]
    public static partial void SymbolsHandedOver(ILogger logger, int count, string symbols);

    [LoggerMessage(62, LogLevel.Warning,
        "Symbol {Symbol} is another node's by now; what was not written under epoch {Epoch} is discarded")]
    public static partial void LeaseLost(ILogger logger, string symbol, long epoch);

    [LoggerMessage(63, LogLevel.Warning,
        "A write for {Symbol} under epoch {Epoch} was refused: the symbol is another node's by now")]
    public static partial void WriteRefused(ILogger logger, string symbol, long epoch);

    [LoggerMessage(64, LogLevel.Warning, "The lease could not be renewed; rows are held back before it ends: {Reason}")]
    public static partial void LeaseNotRenewed(ILogger logger, string reason);

    [LoggerMessage(65, LogLevel.Information, "The lease is renewed again, after {Failures} failures")]
    public static partial void LeaseRenewedAgain(ILogger logger, int failures);

    [LoggerMessage(66, LogLevel.Warning, "Symbols could not be moved, and will be tried again: {Reason}")]
    public static partial void MoveFailed(ILogger logger, string reason);

    [LoggerMessage(67, LogLevel.Warning,
        "Node {NodeId} has this name; if it was killed just now, its lease ends in {Seconds:0.0} s: waiting for that")]
    public static partial void NameIsTaken(ILogger logger, string nodeId, double seconds);

    [LoggerMessage(68, LogLevel.Warning,
        "Node left without telling the referee; its symbols move when its lease ends: {Reason}")]
    public static partial void NotLeft(ILogger logger, string reason);

    [LoggerMessage(69, LogLevel.Warning,
        "Symbols could not be handed over before the stop; others take them when this node has left: {Reason}")]
    public static partial void NotHandedOver(ILogger logger, string reason);

    [LoggerMessage(73, LogLevel.Warning, "The database is away: waiting for it, nothing is started before. {Reason}")]
    public static partial void DatabaseIsAway(ILogger logger, string reason);

    [LoggerMessage(74, LogLevel.Information, "The database is there")]
    public static partial void DatabaseIsBack(ILogger logger);

    [LoggerMessage(70, LogLevel.Information,
        "Symbol {Symbol}: the book lost its continuity after update {LastUpdateId}, the next one follows {PreviousLastUpdateId}")]
    public static partial void BookBroken(ILogger logger, string symbol, long lastUpdateId, long previousLastUpdateId);

    [LoggerMessage(71, LogLevel.Information, "Symbol {Symbol}: the book is certain from update {LastUpdateId} on")]
    public static partial void BookRestored(ILogger logger, string symbol, long lastUpdateId);

    [LoggerMessage(72, LogLevel.Error,
        "Symbol {Symbol}: the book was wrong, as a snapshot shows; {Mismatches} of {Audits} audits")]
    public static partial void BookCorrected(ILogger logger, string symbol, long mismatches, long audits);
}
