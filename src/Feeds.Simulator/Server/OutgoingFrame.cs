namespace Feeds.Simulator.Server;

/// <summary>One WebSocket frame on its way to a client.</summary>
/// <param name="Bytes">Header and payload as they go on the wire; shared by all listeners, never written to.</param>
/// <param name="Topic">The stream it belongs to; null for answers and control frames.</param>
/// <param name="Mark">What identifies the message.</param>
/// <param name="Fault">What a fault did to it.</param>
/// <param name="Written">Completed once this frame and all before it are on the wire; null for nearly all.</param>
internal readonly record struct OutgoingFrame(
    byte[] Bytes, StreamTopic? Topic, MessageMark Mark, Faults.FaultKind Fault, TaskCompletionSource? Written);
