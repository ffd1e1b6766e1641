import type {
  SelfSubjectReview,
  TokenReview,
  UserInfo,
} from '../../../../generated/authentication/v1/types.ts';
import { badRequest, type KubeObject, type User } from '../../../meta/index.ts';
import type { Strategy } from '../strategy.ts';

/** Whom a token belongs to. */
export const tokenReviews: Strategy<TokenReview & KubeObject> = {
  answer(review, { authenticator }) {
    const { token, audiences } = review.spec;
    if (!token) throw badRequest('token is required for TokenReview in authentication');
    const found = authenticator.authenticate(token, audiences?.length ? audiences : undefined);
    const status = found
      ? { authenticated: true, user: infoOf(found.user), audiences: found.audiences }
      : { user: {}, error: 'invalid bearer token' };
    return { ...review, status };
  },
};

/** Who the asker is. */
export const selfSubjectReviews: Strategy<SelfSubjectReview & KubeObject> = {
  answer: (review, { user }) => ({ ...review, status: { userInfo: infoOf(user) } }),
};

const infoOf = ({ name, groups, uid, extra }: User): UserInfo => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups } : {}),
  ...(extra ? { extra } : {}),
});
