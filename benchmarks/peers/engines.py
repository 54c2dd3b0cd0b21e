"""The engines, each as its own tutorial uses it, with our encoder in place of the tutorial's model.

Each imports its libraries as it is made, before the clock starts: the peers' are in their own environment alone, ours in ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from benchmarks.peers.chunks import Chunk, best_pages
from index.encoder import Encoder

OURS = "ours"
DEPTH = 20  # chunks that a peer is asked for; a page of the first five has its best chunk among them
KINDS = {
    OURS: "hybrid: FAISS + BM25, calibrated",
    "txtai": "hybrid: FAISS + BM25",
    "haystack": "hybrid: in memory, BM25 + dense, joined by reciprocal rank",
    "chroma": "dense: HNSW, in memory",
}
PEERS = tuple(name for name in KINDS if name != OURS)


class Engine(Protocol):
    """What is measured of an engine."""

    def build(self) -> int:
        """Index the corpus; returns the number of chunks."""

    def pages(self, query: str, top: int) -> list[str]:
        """The ``top`` best pages, best first."""


class Ours:
    """The product: a folder of Markdown, built, published as a version on disk, and searched."""

    def __init__(self, encoder: Encoder, content: Path, index: Path) -> None:
        from index.build import build
        from index.knowledge_base import KnowledgeBase

        self._encoder, self._content, self._index = encoder, content, index
        self._build, self._open = build, KnowledgeBase.open

    def build(self) -> int:
        """As ``support kb build``."""
        built = self._build(self._content, self._index, self._encoder, at=datetime.now(timezone.utc), by="benchmark")
        self._knowledge = self._open(self._index, self._encoder)
        return built.chunks

    def pages(self, query: str, top: int) -> list[str]:
        """As ``support kb search``: spelling, synonyms and the verdict included."""
        return [hit.path for hit in self._knowledge.search(query, top).hits]


class Txtai:
    """txtai: ``Embeddings(hybrid=True)``."""

    def __init__(self, encoder: Encoder, chunks: Sequence[Chunk]) -> None:
        from txtai import Embeddings

        self._chunks = chunks
        self._index: Any = Embeddings(method="external", transform=lambda texts: encoder.encode(texts), hybrid=True)

    def build(self) -> int:
        """Index ``(number, text)``."""
        self._index.index((number, chunk.text, None) for number, chunk in enumerate(self._chunks))
        return int(self._index.count())

    def pages(self, query: str, top: int) -> list[str]:
        """By the weighted sum of both scores, txtai's default."""
        return best_pages((self._chunks[number].page for number, _ in self._index.search(query, DEPTH)), top)


class Haystack:
    """Haystack: a pipeline of two retrievers over the in-memory store and a ``DocumentJoiner``."""

    def __init__(self, encoder: Encoder, chunks: Sequence[Chunk]) -> None:
        from haystack import Document, Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._encoder, self._chunks, self._document = encoder, chunks, Document
        self._store: Any = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._pipeline: Any = Pipeline()
        self._pipeline.add_component("words", InMemoryBM25Retriever(self._store, top_k=DEPTH))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(self._store, top_k=DEPTH))
        self._pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("words", "joined")
        self._pipeline.connect("dense", "joined")

    def build(self) -> int:
        """Write the documents with their embeddings."""
        vectors = self._encoder.encode([chunk.text for chunk in self._chunks])
        self._store.write_documents(
            [
                self._document(content=chunk.text, meta={"page": chunk.page}, embedding=vector.tolist())
                for chunk, vector in zip(self._chunks, vectors, strict=True)
            ]
        )
        return int(self._store.count_documents())

    def pages(self, query: str, top: int) -> list[str]:
        """By reciprocal rank fusion; the tutorial's re-ranking model is left out, as no other engine has one."""
        vector = self._encoder.encode([query])[0].tolist()
        found = self._pipeline.run({"words": {"query": query}, "dense": {"query_embedding": vector}})
        return best_pages((document.meta["page"] for document in found["joined"]["documents"]), top)


class Chroma:
    """Chroma: a collection of documents with their embeddings, by cosine distance."""

    def __init__(self, encoder: Encoder, chunks: Sequence[Chunk]) -> None:
        import chromadb
        from chromadb.config import Settings

        self._encoder, self._chunks = encoder, chunks
        self._client: Any = chromadb.Client(Settings(anonymized_telemetry=False))
        space = {"hnsw": {"space": "cosine"}}
        self._collection: Any = self._client.create_collection("pages", configuration=space, embedding_function=None)

    def build(self) -> int:
        """Add everything, in parts as large as Chroma takes."""
        step = self._client.get_max_batch_size()
        for start in range(0, len(self._chunks), step):
            part = self._chunks[start : start + step]
            self._collection.add(
                ids=[str(start + number) for number in range(len(part))],
                documents=[chunk.text for chunk in part],
                metadatas=[{"page": chunk.page} for chunk in part],
                embeddings=self._encoder.encode([chunk.text for chunk in part]),
            )
        return int(self._collection.count())

    def pages(self, query: str, top: int) -> list[str]:
        """By distance."""
        found = self._collection.query(query_embeddings=self._encoder.encode([query]), n_results=DEPTH, include=["metadatas"])
        return best_pages((each["page"] for each in found["metadatas"][0]), top)


def peer(name: str, encoder: Encoder, chunks: Sequence[Chunk]) -> Engine:
    """The peer of that name."""
    made: dict[str, type[Txtai] | type[Haystack] | type[Chroma]] = {"txtai": Txtai, "haystack": Haystack, "chroma": Chroma}
    return made[name](encoder, chunks)
